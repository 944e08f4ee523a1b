namespace OneRec.Csv.Records;

/// <summary>Receives the records of a file in order.</summary>
internal interface IRecordSink
{
    /// <summary>Receives a record with as many fields as the header.</summary>
    /// <param name="row">Its number in the file, from 1, without the header.</param>
    /// <param name="record">The record; valid until the method returns.</param>
    void Accept(long row, TextRecord record);

    /// <summary>Receives a malformed record.</summary>
    /// <param name="row">Its number in the file.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="text">Its text, or its first line.</param>
    void Reject(long row, string problem, string text);
}
