"""S3: moto's server with one bucket, whose objects are kept in a folder, for moto forgets everything when it stops."""
