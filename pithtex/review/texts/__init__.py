"""Are title, abstract and licence those of the record?"""
