"""Read the channels of a PDF and judge what they say."""
