namespace OneRec.Worker.Protocol;

/// <summary>Kinds of functions, numbered as in Spark.</summary>
/// <remarks><c>core/src/main/scala/org/apache/spark/api/python/PythonRunner.scala</c> (object <c>PythonEvalType</c>).</remarks>
public static class PythonEvalType
{
    /// <summary><c>SQL_MAP_ARROW_ITER_UDF</c>: an iterator of Arrow batches to an iterator of Arrow batches.</summary>
    public const int SqlMapArrowIterUdf = 207;
}
