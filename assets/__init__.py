"""What is produced: twelve assets, one evaluation per partition, from the definition to the publication."""
