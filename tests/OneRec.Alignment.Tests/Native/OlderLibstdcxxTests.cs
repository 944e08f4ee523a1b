using System.Runtime.InteropServices;
using OneRec.Alignment.Native;
using OneRec.Testing;

namespace OneRec.Alignment.Tests.Native;

public sealed class OlderLibstdcxxTests
{
    private static string Wrapper => new[] { "", "runtimes/linux-x64/native" }
        .Select(f => Path.Combine(AppContext.BaseDirectory, f, "libLibTorchSharp.so"))
        .First(File.Exists);

    [Fact]
    public void The_mended_library_needs_no_symbol_of_GCC_13_and_changes_a_few_bytes_only()
    {
        byte[] before = File.ReadAllBytes(Wrapper);
        byte[] after = OlderLibstdcxx.Mend(before)!;

        Assert.Null(OlderLibstdcxx.Mend(after));
        Assert.Equal(before.Length, after.Length);
        Assert.InRange(before.Zip(after).Count(b => b.First != b.Second), 1, 60);
        Assert.NotNull(new ElfImage(before).Version("GLIBCXX_3.4.32"));
    }

    [Fact]
    public void The_mended_library_loads_beside_libtorch()
    {
        TorchRuntime.Require();
        using var folder = new ScratchFolder();
        string copy = TorchRuntime.MendedCopy(Wrapper, [folder.Path])!;

        Assert.StartsWith(folder.Path, copy, StringComparison.Ordinal);
        Assert.True(NativeLibrary.TryLoad(copy, out nint handle));
        Assert.True(NativeLibrary.TryGetExport(handle, "THSTensor_matmul", out _));
    }

    [Fact]
    public void What_lies_in_the_cache_is_replaced_unless_it_is_the_very_copy()
    {
        using var folder = new ScratchFolder();
        string copy = TorchRuntime.MendedCopy(Wrapper, [folder.Path])!;
        byte[] right = File.ReadAllBytes(copy);
        File.WriteAllText(copy, "something else");

        Assert.Equal(copy, TorchRuntime.MendedCopy(Wrapper, [folder.Path]));
        Assert.Equal(right, File.ReadAllBytes(copy));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_passed_over()
    {
        using var folder = new ScratchFolder();
        string file = Path.Combine(folder.Path, "file");
        File.WriteAllText(file, "");

        string copy = TorchRuntime.MendedCopy(Wrapper, [Path.Combine(file, "below"), folder.Path])!;

        Assert.Equal(folder.Path, Path.GetDirectoryName(copy));
        Assert.Throws<IOException>(() => TorchRuntime.MendedCopy(Wrapper, [Path.Combine(file, "below")]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(300)]
    [InlineData(100_000)]
    public void A_library_that_is_cut_short_is_refused(int bytes) =>
        Assert.Throws<InvalidDataException>(() => OlderLibstdcxx.Mend(File.ReadAllBytes(Wrapper).AsSpan(0, bytes)));
}
