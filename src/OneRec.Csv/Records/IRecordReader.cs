namespace OneRec.Csv.Records;

/// <summary>Makes records of the lines of a file, or of a part of one.</summary>
internal interface IRecordReader
{
    /// <summary>Number of the last record; 0 for the header.</summary>
    long Row { get; }

    /// <summary>Reads the next block of lines.</summary>
    void Read(LineBlock block);

    /// <summary>Marks the end of the file.</summary>
    void End();
}
