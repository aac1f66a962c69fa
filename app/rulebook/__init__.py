"""The rules as people read, contest and change them."""
