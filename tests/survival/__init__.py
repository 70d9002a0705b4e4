"""What happens to a Pith Number on a PDF's way through real tools, and what becomes of PDFs nobody here made."""
