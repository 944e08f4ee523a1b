using System.Diagnostics;
using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using Microsoft.ML.OnnxRuntime;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Images;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Models;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Text;
using SkiaSharp;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// Kernel <c>embed</c> from Arrow batches of texts or encoded images to vectors, beside ONNX Runtime's bare <c>Run</c> on the
/// same inputs, made ready before, with the same session options and number of concurrent calls. Runs of the two take turns.
/// </summary>
internal sealed class EmbedCase : ICase
{
    private const int BatchRows = 2_048;

    /// <inheritdoc/>
    public string Name => "embed";

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        "text --model FOLDER [--manifest FILE] [--input FILE] [--items 2000] [--threads N] [--runs 3]",
        "image [--model FOLDER] [--manifest FILE] [--items 200] [--side 320] [--threads N] [--runs 3]",
        "items/s (and tokens/s) of the kernel embed, tokenising and decoding with it, beside ONNX Runtime's bare Run in the",
        "same minutes: ratio is our rate to theirs, by the best of the runs, processor_ratio the same in processor seconds. --input: a text a line; else drawn words.",
        "image: JPEG files of --side pixels; the shipped ResNet18 where no model is given",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        var given = new Arguments(arguments, ["--model", "--manifest", "--input", "--items", "--side", "--threads", "--runs"]);
        string kind = given.Words is [string word] && word is "text" or "image"
            ? given.Words[0]
            : throw new UsageException("embed wants text or image");
        string folder = given.Text("--model", kind == "image" ? Path.Combine(AppContext.BaseDirectory, "models", "resnet18") : null);
        string manifest = given.Text("--manifest", "");
        int threads = (int)given.Number("--threads", 1, Environment.ProcessorCount);
        int runs = (int)given.Number("--runs", 1, 3);
        ModelFolder model = ModelFolder.Open(folder, manifest.Length == 0 ? null : manifest);
        int items = (int)given.Number("--items", 1, kind == "text" ? 2_000 : 200);
        yield return kind == "text"
            ? Text(model, Texts(given.Text("--input", ""), items), threads, runs)
            : Image(model, Images(items, (int)given.Number("--side", 16, 320)), threads, runs);
    }

    private static Result Text(ModelFolder model, string[] texts, int threads, int runs)
    {
        using TextEncoder encoder = TextEncoder.Open(model);
        int[][] ids = [.. texts.Select(t => encoder.Tokenizer.Encode([new TextPart(t)], ". "))];
        long tokens = ids.Sum(i => (long)i.Length);
        var manifest = (TextManifest)model.Manifest;
        using InferenceSession session = OnnxSession.Open(model, ExecutionDevice.Cpu);
        BareCall[] calls =
        [
            .. TextBatch.Plan([.. ids.Select(i => i.Length)], encoder.Batching, manifest.MaxLength).Select(batch => new BareCall(
                [.. manifest.Inputs.Select((_, input) => Whole(batch, ids, input))], [batch.Count, batch.Length])),
        ];
        var block = new TextBlock { Folder = model.Folder, Manifest = model.ManifestPath, Fields = [new TextField("title")] };
        Func<int, IArrowArray> column = start =>
        {
            var builder = new StringArray.Builder();
            foreach (string text in texts.Skip(start).Take(BatchRows))
            {
                builder.Append(text);
            }

            return builder.Build();
        };
        return Compare("text", model, block, "title", column, texts.Length, () => Bare(session, model, calls, threads), threads, runs, new()
        {
            ["tokens"] = tokens,
            ["calls"] = calls.Length,
            ["rows_together"] = encoder.Batching.ToString(),
        });
    }

    private static Result Image(ModelFolder model, byte[][] images, int threads, int runs)
    {
        using ImageEncoder encoder = ImageEncoder.Open(model);
        using InferenceSession session = OnnxSession.Open(model, ExecutionDevice.Cpu);
        long[] shape = [1, .. ((ImageManifest)model.Manifest).Shape.Select(d => (long)d)];
        BareCall[] calls =
        [
            .. images.Select(bytes =>
            {
                PixelImage.TryDecode(bytes, out PixelImage? image);
                var pixels = new float[encoder.Floats];
                encoder.Preparation.Prepare(image!, pixels);
                return new BareCall([pixels], shape);
            }),
        ];
        var block = new ImageBlock { Folder = model.Folder, Manifest = model.ManifestPath };
        Func<int, IArrowArray> column = start =>
        {
            var lists = new ListArray.Builder(BinaryType.Default);
            var bytes = (BinaryArray.Builder)lists.ValueBuilder;
            foreach (byte[] image in images.Skip(start).Take(BatchRows))
            {
                lists.Append();
                bytes.Append(image.AsSpan());
            }

            return lists.Build();
        };
        return Compare(
            "image", model, block, ImageColumn.Bytes, column, images.Length, () => Bare(session, model, calls, threads), threads, runs, new()
            {
                ["bytes"] = images.Sum(i => (long)i.Length),
            });
    }

    private static Result Compare(
        string kind,
        ModelFolder model,
        EmbedBlock block,
        string name,
        Func<int, IArrowArray> column,
        int items,
        Action bare,
        int threads,
        int runs,
        Dictionary<string, object> facts)
    {
        using var kernels = new KernelPool();
        IBatchKernel kernel = kernels.Embed(block);
        kernels.Run(kernel, name, column, Math.Min(items, 64), threads);
        (double ours, double theirs) = (double.PositiveInfinity, double.PositiveInfinity);
        (double oursBusy, double theirsBusy) = (double.PositiveInfinity, double.PositiveInfinity);
        for (int run = 0; run < runs; run++)
        {
            (ours, oursBusy) = Least((ours, oursBusy), Time(() => kernels.Run(kernel, name, column, items, threads)));
            (theirs, theirsBusy) = Least((theirs, theirsBusy), Time(bare));
        }

        facts["ratio"] = Math.Round(theirs / ours, 4);
        facts["processor_ratio"] = Math.Round(theirsBusy / oursBusy, 4);
        facts["bare_items_per_s"] = items / theirs;
        if (facts.TryGetValue("tokens", out object? tokens))
        {
            facts["tokens_per_s"] = (long)tokens / ours;
            facts["bare_tokens_per_s"] = (long)tokens / theirs;
        }

        facts["items"] = items;
        facts["threads"] = threads;
        facts["runs"] = runs;
        facts["model"] = Path.GetFileName(model.OnnxPath);
        return new Result($"embed {kind}", ours, items / ours, "items/s", Timing.PeakBytes(), facts);
    }

    private static void Bare(InferenceSession session, ModelFolder model, BareCall[] calls, int threads)
    {
        int next = -1;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(Work))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        void Work()
        {
            using var run = new RunOptions();
            string[] outputs = [model.Manifest.Output];
            for (int i = Interlocked.Increment(ref next); i < calls.Length; i = Interlocked.Increment(ref next))
            {
                OrtValue[] values = [.. calls[i].Inputs.Select(input => input is long[] whole
                    ? OrtValue.CreateTensorValueFromMemory(whole, calls[i].Shape)
                    : OrtValue.CreateTensorValueFromMemory((float[])input, calls[i].Shape))];
                session.Run(run, model.Manifest.Inputs, values, outputs).Dispose();
                System.Array.ForEach(values, v => v.Dispose());
            }
        }
    }

    private static long[] Whole(TextBatch batch, int[][] ids, int input) => input switch
    {
        0 => [.. batch.Rows.SelectMany(row => ids[row].Select(id => (long)id))],
        1 => [.. Enumerable.Repeat(1L, batch.Count * batch.Length)],
        _ => new long[batch.Count * batch.Length],
    };

    // Wall and processor seconds: the second hardly change with what else the machine does.
    private static (double Wall, double Processor) Time(Action work)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan before = process.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        work();
        double wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return (wall, (process.TotalProcessorTime - before).TotalSeconds);
    }

    private static (double Wall, double Processor) Least((double Wall, double Processor) a, (double Wall, double Processor) b) =>
        (Math.Min(a.Wall, b.Wall), Math.Min(a.Processor, b.Processor));

    private static string[] Texts(string path, int items)
    {
        if (path.Length > 0)
        {
            return [.. File.ReadLines(path).Where(l => !string.IsNullOrWhiteSpace(l)).Take(items)];
        }

        string[] words = ["river", "blue", "night", "story", "music", "football", "learning", "the", "of", "kitchen", "quick", "garden"];
        var draws = new SplitMix64(1);
        return
        [
            .. Enumerable.Range(0, items).Select(_ => string.Join(
                ' ', Enumerable.Range(0, 3 + (int)draws.NextBelow(30)).Select(_ => words[draws.NextBelow(words.Length)]))),
        ];
    }

    private static byte[][] Images(int items, int side) =>
    [
        .. Enumerable.Range(0, items).Select(i =>
        {
            using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Opaque));
            using var canvas = new SKCanvas(bitmap);
            using var paint = new SKPaint();
            var draws = new SplitMix64((ulong)i);
            canvas.Clear(new SKColor((byte)draws.NextBelow(256), 90, 140));
            for (int shape = 0; shape < 40; shape++)
            {
                paint.Color = new SKColor((byte)draws.NextBelow(256), (byte)draws.NextBelow(256), (byte)draws.NextBelow(256));
                canvas.DrawCircle(draws.NextBelow(side), draws.NextBelow(side), draws.NextBelow(side / 4) + 2, paint);
            }

            using SKData data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
            return data.ToArray();
        }),
    ];

    private sealed record BareCall(object[] Inputs, long[] Shape);

    private sealed class KernelPool : IDisposable
    {
        private readonly EncoderPool _pool = new();

        public IBatchKernel Embed(EmbedBlock block) => new EmbedKernel(new EmbedParameters { Blocks = [block] }, _pool);

        public void Run(IBatchKernel kernel, string name, Func<int, IArrowArray> column, int items, int threads)
        {
            int rows = 0;
            foreach (RecordBatch batch in kernel.Run(Batches(name, column, items), new KernelContext { Threads = threads }))
            {
                rows += batch.Length;
                batch.Dispose();
            }

            if (rows != items)
            {
                throw new InvalidOperationException($"{rows} rows of {items}");
            }
        }

        public void Dispose() => _pool.Dispose();

        private static IEnumerable<RecordBatch> Batches(string name, Func<int, IArrowArray> column, int items)
        {
            for (int start = 0; start < items; start += BatchRows)
            {
                int count = Math.Min(BatchRows, items - start);
                var ids = new Int64Array.Builder();
                var hashes = new StringArray.Builder();
                for (int i = 0; i < count; i++)
                {
                    ids.Append(start + i);
                    hashes.Append((start + i).ToString(CultureInfo.InvariantCulture));
                }

                IArrowArray values = ArrowArrayFactory.Slice(column(start), 0, count);
                Schema schema = new(
                    [
                        new Field("item_id", Int64Type.Default, false),
                        new Field("content_hash", StringType.Default, false),
                        new Field(name, values.Data.DataType, true),
                    ],
                    null);
                using var batch = new RecordBatch(schema, [ids.Build(), hashes.Build(), values], count);
                yield return batch;
            }
        }
    }
}
