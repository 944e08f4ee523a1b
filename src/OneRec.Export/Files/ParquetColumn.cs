using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Export.Ids;

namespace OneRec.Export.Files;

/// <summary>A column of a Parquet file that is written row by row.</summary>
/// <param name="Field">Name and type.</param>
internal abstract record ParquetColumn(Field Field)
{
    /// <summary>The values since the last call, as an array.</summary>
    public abstract IArrowArray Take();
}

/// <summary>Item ids, numbers or texts.</summary>
internal sealed record IdColumn(string Name, bool IsText)
    : ParquetColumn(new Field(Name, IsText ? StringType.Default : Int64Type.Default, nullable: false))
{
    private readonly Int64Array.Builder _numbers = new();
    private readonly StringArray.Builder _texts = new();

    public void Add(ItemKey id)
    {
        if (IsText)
        {
            _texts.Append(id.Text);
        }
        else
        {
            _numbers.Append(id.Number);
        }
    }

    public override IArrowArray Take()
    {
        IArrowArray taken = IsText ? _texts.Build() : _numbers.Build();
        _texts.Clear();
        _numbers.Clear();
        return taken;
    }
}

/// <summary>Texts, null where there is none.</summary>
internal sealed record TextColumn(string Name) : ParquetColumn(new Field(Name, StringType.Default, nullable: true))
{
    private readonly StringArray.Builder _texts = new();

    public void Add(string? text)
    {
        if (text is null)
        {
            _texts.AppendNull();
        }
        else
        {
            _texts.Append(text);
        }
    }

    public override IArrowArray Take()
    {
        StringArray taken = _texts.Build();
        _texts.Clear();
        return taken;
    }
}

/// <summary>Whole numbers of 64 bits.</summary>
internal sealed record NumberColumn(string Name) : ParquetColumn(new Field(Name, Int64Type.Default, nullable: false))
{
    private readonly Int64Array.Builder _numbers = new();

    public void Add(long number) => _numbers.Append(number);

    public override IArrowArray Take()
    {
        Int64Array taken = _numbers.Build();
        _numbers.Clear();
        return taken;
    }
}

/// <summary>Lists of whole numbers of 64 bits, such as codes.</summary>
internal sealed record NumbersColumn(string Name)
    : ParquetColumn(new Field(Name, ArrowTypes.ListOf(Int64Type.Default), nullable: false))
{
    private readonly ListOffsets _lists = new();
    private readonly Int64Array.Builder _numbers = new();

    public void Add(IEnumerable<int> codes) => Add(codes.Select(c => (long)c));

    public void Add(IEnumerable<long> numbers)
    {
        foreach (long number in numbers)
        {
            _numbers.Append(number);
        }

        _lists.End(_numbers.Length);
    }

    public override IArrowArray Take()
    {
        ListArray taken = _lists.Take((ListType)Field.DataType, _numbers.Build());
        _numbers.Clear();
        return taken;
    }
}

/// <summary>Lists of item ids.</summary>
internal sealed record IdsColumn(string Name, bool IsText)
    : ParquetColumn(new Field(Name, ArrowTypes.ListOf(IsText ? StringType.Default : Int64Type.Default), nullable: false))
{
    private readonly ListOffsets _lists = new();
    private readonly IdColumn _ids = new("element", IsText);
    private int _count;

    public void Add(IEnumerable<ItemKey> ids)
    {
        foreach (ItemKey id in ids)
        {
            _ids.Add(id);
            _count++;
        }

        _lists.End(_count);
    }

    public override IArrowArray Take()
    {
        _count = 0;
        return _lists.Take((ListType)Field.DataType, _ids.Take());
    }
}

/// <summary>Where the lists of a column end.</summary>
internal sealed class ListOffsets
{
    private ArrowBuffer.Builder<int> _ends = new ArrowBuffer.Builder<int>().Append(0);

    public void End(int at) => _ends.Append(at);

    public ListArray Take(ListType type, IArrowArray values)
    {
        int count = _ends.Length - 1;
        var taken = new ListArray(type, count, _ends.Build(), values, ArrowBuffer.Empty, 0);
        _ends = new ArrowBuffer.Builder<int>().Append(0);
        return taken;
    }
}
