using System.Collections.Concurrent;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>Reads CSV files into typed batches on several threads.</summary>
/// <param name="request">What to read.</param>
/// <param name="files">The files; a file's number in the batches is its index here.</param>
/// <param name="threads">Number of blocks of lines that are parsed at the same time.</param>
/// <param name="cancellation">Checked before each block.</param>
/// <remarks>
/// If a quoted field may contain line breaks, the blocks of a file are parsed in sequence, otherwise in parallel. Either way,
/// batches come in the order of files and rows.
/// </remarks>
public sealed class CsvBatches(CsvRequest request, IReadOnlyList<CsvFile> files, int threads, CancellationToken cancellation)
{
    private const int BlockBytes = 2 << 20;

    private readonly Schema _schema = request.Schema;
    private readonly ConcurrentBag<BatchBuilder> _builders = [];

    /// <summary>The batches (<see cref="CsvRequest.Schema"/>); the caller disposes of them.</summary>
    /// <exception cref="OneRecException">A file cannot be read (exit 3).</exception>
    public IEnumerable<RecordBatch> Read()
    {
        var work = new Queue<(int File, Task<Part> Part)>();
        try
        {
            int most = threads + 1;
            int current = -1;
            long before = 0;
            foreach ((int File, Task<Part> Part) next in Parts())
            {
                work.Enqueue(next);
                if (work.Count > most && Complete(work.Dequeue(), ref current, ref before) is { } batch)
                {
                    yield return batch;
                }
            }

            while (work.TryDequeue(out (int File, Task<Part> Part) last))
            {
                if (Complete(last, ref current, ref before) is { } batch)
                {
                    yield return batch;
                }
            }
        }
        finally
        {
            foreach ((_, Task<Part> left) in work)
            {
                left.ContinueWith(t => t.Exception, TaskScheduler.Default).Wait();
            }
        }
    }

    private RecordBatch? Complete((int File, Task<Part> Part) work, ref int current, ref long before)
    {
        Part part = work.Part.GetAwaiter().GetResult();
        if (work.File != current)
        {
            current = work.File;
            before = 0;
        }

        RecordBatch? batch = part.Rows.Count > 0 ? part.Rows.ToRecordBatch(_schema, work.File, 0, before) : null;
        before += part.Records;
        return batch;
    }

    private IEnumerable<(int File, Task<Part> Part)> Parts()
    {
        for (int f = 0; f < files.Count; f++)
        {
            CsvFile file = files[f];
            using Stream text = file.Open();
            var blocks = new LineBlocks(text, BlockBytes, cancellation);
            IEnumerable<Task<Part>> parts = request.MultiLine ? InSequence(file, blocks) : InParallel(file, blocks);
            foreach (Task<Part> part in parts)
            {
                yield return (f, part);
            }
        }
    }

    private IEnumerable<Task<Part>> InParallel(CsvFile file, LineBlocks blocks)
    {
        for (bool first = true; file.WrapErrors(blocks.Next) is { } block; first = false)
        {
            bool isStart = first;
            yield return Task.Run(() =>
            {
                BatchBuilder builder = Builder(file);
                IRecordReader reader = request.Reader(isStart, builder, cancellation);
                reader.Read(block);
                block.Release();
                var part = new Part(builder.Build(), Math.Max(0, reader.Row));
                Keep(builder, file);
                return part;
            });
        }
    }

    private IEnumerable<Task<Part>> InSequence(CsvFile file, LineBlocks blocks)
    {
        BatchBuilder builder = Builder(file);
        IRecordReader reader = request.Reader(isStart: true, builder, cancellation);
        Task<Part> last = Task.FromResult(new Part(builder.Build(), 0));
        while (file.WrapErrors(blocks.Next) is { } block)
        {
            last = After(last, () =>
            {
                reader.Read(block);
                block.Release();
            });
            yield return last;
        }

        yield return After(last, () =>
        {
            reader.End();
            Keep(builder, file);
        });

        Task<Part> After(Task<Part> before, Action read) => Task.Run(async () =>
        {
            await before.ConfigureAwait(false);
            read();
            return new Part(builder.Build(), 0);
        });
    }

    private BatchBuilder Builder(CsvFile file)
    {
        BatchBuilder builder = file.Order is null && _builders.TryTake(out BatchBuilder? used) ? used : new BatchBuilder(request.In(file.Order));
        builder.SetFileValues(file.Values);
        return builder;
    }

    // A builder for fields in another order is of no use to other files.
    private void Keep(BatchBuilder builder, CsvFile file)
    {
        if (file.Order is null)
        {
            _builders.Add(builder);
        }
    }

    /// <summary>The result of a block.</summary>
    /// <param name="Rows">Its rows.</param>
    /// <param name="Records">Number of its records if they are numbered from 1 in each block; otherwise 0.</param>
    private readonly record struct Part(RowBatch Rows, long Records);
}
