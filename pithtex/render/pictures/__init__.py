"""How is a badge drawn: SVG, PNG, QR code?"""
