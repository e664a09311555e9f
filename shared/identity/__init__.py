"""Users and their sign-ins, which a Cognito user pool keeps."""
