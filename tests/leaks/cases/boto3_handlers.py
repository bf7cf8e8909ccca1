"""Each short-lived boto3 session registers its handlers on the long-lived botocore session.

leaks: _emitter | handlers | _handlers
kept: partial
issue: https://github.com/boto/boto3/issues/2176
needs: boto3
"""

import boto3
import botocore.session
from steady import rounds

credentials = botocore.session.Session()


def upload():
    return boto3.Session(region_name="eu-central-1", botocore_session=credentials).region_name


for _ in rounds(40, warm_up=60):
    upload()
