"""What a paper refers to."""
