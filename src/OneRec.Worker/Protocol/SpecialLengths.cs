namespace OneRec.Worker.Protocol;

/// <summary>Numbers that stand where a length would, named as in Spark.</summary>
/// <remarks>
/// <c>core/src/main/scala/org/apache/spark/api/python/PythonRunner.scala</c> (object <c>SpecialLengths</c>), and
/// <c>python/pyspark/serializers.py</c> (class <c>SpecialLengths</c>), Spark 3.5.3 and 4.0.5.
/// </remarks>
public static class SpecialLengths
{
    /// <summary><c>END_OF_DATA_SECTION</c>: no more rows; accumulator updates follow.</summary>
    public const int EndOfDataSection = -1;

    /// <summary><c>PYTHON_EXCEPTION_THROWN</c>: a text follows, the failure.</summary>
    public const int PythonExceptionThrown = -2;

    /// <summary><c>TIMING_DATA</c>: three times and two spill sizes follow.</summary>
    public const int TimingData = -3;

    /// <summary><c>END_OF_STREAM</c>: the task's conversation is over.</summary>
    public const int EndOfStream = -4;

    /// <summary><c>START_ARROW_STREAM</c>: an Arrow stream follows.</summary>
    public const int StartArrowStream = -6;
}
