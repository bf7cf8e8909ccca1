"""Every uploaded image stays decoded in the list of thumbnails to be made.

leaks: PENDING
kept: Image
issue: https://github.com/python-pillow/Pillow/issues/7935
needs: pillow
"""

import io

from PIL import Image
from steady import rounds

PENDING = []
upload = io.BytesIO()
Image.new("RGB", (120, 90), "teal").save(upload, "PNG")


def receive(number):
    image = Image.open(io.BytesIO(upload.getvalue()))
    image.load()
    image.info["name"] = f"upload {number}"
    PENDING.append(image)


for number in rounds(40, warm_up=60):
    receive(number)
