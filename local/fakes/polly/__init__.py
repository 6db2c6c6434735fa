"""Amazon Polly: SynthesizeSpeech and DescribeVoices."""
