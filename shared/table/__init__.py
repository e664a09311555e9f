"""The one DynamoDB table. Only this package spells a partition or sort key."""
