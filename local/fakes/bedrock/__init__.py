"""Amazon Bedrock's runtime: Converse, ConverseStream, ApplyGuardrail, and InvokeModel for Stable Diffusion."""
