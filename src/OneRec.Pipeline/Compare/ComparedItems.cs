using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Ids;

namespace OneRec.Pipeline.Compare;

/// <summary>The items of the catalogue that are not deleted, by number, in the order of their ids.</summary>
/// <param name="Numbers">Their numbers.</param>
/// <param name="Rows">Their rows of table <c>items</c>.</param>
internal sealed record ComparedItems(ItemNumbers Numbers, IRelation Rows)
{
    /// <summary>Number of items.</summary>
    public int Count => Numbers.Count;

    /// <summary>Reads the ids.</summary>
    /// <exception cref="OneRecException">Table error: there is no catalogue.</exception>
    public static ComparedItems Read(IEngine engine)
    {
        if (engine.Tables.State("items") is null)
        {
            throw OneRecException.Table("table.missing", "there is no table 'items' yet; run 'onerec ingest' first");
        }

        var numbers = new ItemNumbers();
        IRelation rows = engine.Sql(SqlScript.Load(typeof(ComparedItems), "live_rows.sql"), ("items", engine.ReadTable("items")));
        foreach (RecordBatch batch in engine.Collect(engine.Sql(SqlScript.Load(typeof(ComparedItems), "ids_in_order.sql"), ("items", rows))))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    numbers.Add(batch.Column(0), row);
                }
            }
        }

        return new ComparedItems(numbers, rows);
    }

    /// <summary>Pairs of items by number; pairs with an item that is not in the catalogue are left out.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rows">Two columns of item ids.</param>
    public IEnumerable<(int First, int Second)> Pairs(IQueryEngine engine, IRelation rows) =>
        Numbers.Pairs(engine.Collect(rows)).Where(p => p is { First: >= 0, Second: >= 0 });
}
