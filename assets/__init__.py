"""What is produced: thirteen assets, one evaluation per partition, from the definition to the publication."""
