namespace OneRec.Csv.Records;

/// <summary>Takes the records of a file, one after the other.</summary>
internal interface IRecords
{
    /// <summary>A record with as many fields as the header.</summary>
    /// <param name="row">Its number in the file, from 1, the header not counted.</param>
    /// <param name="record">Its fields; valid until this returns.</param>
    void Take(long row, CsvFields record);

    /// <summary>A record that cannot be read.</summary>
    /// <param name="row">Its number in the file.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="text">Its text, or its first line.</param>
    void Refuse(long row, string problem, string text);
}
