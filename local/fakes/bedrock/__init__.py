"""Amazon Bedrock's runtime: Converse, ConverseStream, and InvokeModel for Stable Diffusion."""
