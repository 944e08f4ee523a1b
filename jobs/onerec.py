# spark-submit requires a primary resource. No Python runs: spark.pyspark.driver.python names the program that is started.
