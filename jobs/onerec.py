# The primary resource that spark-submit asks for: spark.pyspark.driver.python names the program that is run. No Python is.
