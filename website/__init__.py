"""How is the site made? Landing page, pages for browsers, documentation, gallery: `make site`."""
