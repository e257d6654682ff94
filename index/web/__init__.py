"""What `index/fetch.py` is made of: addresses taken apart and judged, one request, its body, manners."""
