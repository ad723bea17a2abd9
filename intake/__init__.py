"""Reading what offices send: bytes in, exact values and findings in Chinese out."""
