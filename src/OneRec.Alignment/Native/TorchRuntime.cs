using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using OneRec.Core;
using TorchSharp;

namespace OneRec.Alignment.Native;

/// <summary>Loads libtorch, once per process, set up so that results repeat and a busy machine does not cost ten times.</summary>
/// <remarks>
/// Each operation runs on one thread: sums have one order then, and no thread of OpenMP spins while it waits. Work is spread
/// over threads above this class, by chunks of items.
/// </remarks>
public static partial class TorchRuntime
{
    private const string Library = "LibTorchSharp";
    private const string LibraryFile = $"lib{Library}.so";

    private static readonly Lazy<bool> Loaded = new(Start);

    /// <summary>Loads libtorch where it is not loaded yet.</summary>
    /// <exception cref="OneRecException">Engine error <c>align.torch</c>: it cannot be loaded here.</exception>
    public static void Require() => _ = Loaded.Value;

    /// <summary>
    /// Returns the free memory of all threads to the system: what one thread allocates another frees, and glibc keeps it for
    /// the first.
    /// </summary>
    public static void Trim()
    {
        if (OperatingSystem.IsLinux() && NativeLibrary.TryLoad("libc.so.6", out nint libc) && NativeLibrary.TryGetExport(libc, "malloc_trim", out _))
        {
            _ = TrimHeap(0);
        }
    }

    /// <summary>A copy of a native library that asks for older symbols, in a folder that keeps it.</summary>
    /// <param name="library">The library, which does not load.</param>
    /// <param name="folders">Folders to keep the copy in; the first that can be written.</param>
    /// <returns>Path of the copy; null if other symbols are not what it lacks.</returns>
    internal static string? MendedCopy(string library, IEnumerable<string> folders)
    {
        if (OlderLibstdcxx.Mend(File.ReadAllBytes(library)) is not { } mended)
        {
            return null;
        }

        string name = $"{Path.GetFileNameWithoutExtension(library)}-{Convert.ToHexStringLower(SHA256.HashData(mended))[..16]}.so";
        Exception? failure = null;
        foreach (string folder in folders)
        {
            try
            {
                return Keep(Path.Combine(folder, name), mended);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failure = e;
            }
        }

        throw new IOException($"no folder for a copy of {library}: {failure?.Message}", failure);
    }

    // What is in the cache is not trusted: it must be the very bytes that were just made.
    private static string Keep(string path, byte[] bytes)
    {
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            return path;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string temporary = $"{path}.{Guid.NewGuid():N}";
        try
        {
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return path;
    }

    private static bool Start()
    {
        try
        {
            PassiveOpenMp();
            LoadWrapper();
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(1);
            return true;
        }
        catch (Exception e) when (e is not OneRecException)
        {
            SystemFailure? system = SystemFailure.Of(e);
            throw OneRecException.Engine(
                "align.torch",
                $"libtorch cannot be loaded: {FirstLine(system?.What ?? e.Message)}; {system?.Cure ?? "it needs Linux on x64 with glibc 2.28 or newer: run align on such a machine, or set embed.model=pool"}",
                e);
        }
    }

    // OpenMP reads these once, when it is loaded, and does not see variables set through .NET.
    private static void PassiveOpenMp()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetVariable("OMP_NUM_THREADS", "1", overwrite: 1);
            _ = SetVariable("OMP_WAIT_POLICY", "passive", overwrite: 1);
            _ = SetVariable("GOMP_SPINCOUNT", "0", overwrite: 1);
        }
    }

    private static void LoadWrapper()
    {
        if (!OperatingSystem.IsLinux() || Find(LibraryFile) is not { } wrapper)
        {
            return;
        }

        // The wrapper finds libtorch by name among what is loaded, wherever the copy lies.
        foreach (string dependency in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
        {
            NativeLibrary.Load(Path.Combine(Path.GetDirectoryName(wrapper)!, dependency));
        }

        if (NativeLibrary.TryLoad(wrapper, out _))
        {
            return;
        }

        string path = MendedCopy(wrapper, [CacheFolder(), Path.Combine(Path.GetTempPath(), $"onerec-{Environment.UserName}")]) ?? wrapper;
        nint handle = NativeLibrary.Load(path);
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => name == Library ? handle : 0;
    }

    private static string? Find(string file)
    {
        string known = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        return known.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Append(AppContext.BaseDirectory)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(File.Exists);
    }

    private static string CacheFolder()
    {
        string? given = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string cache = Path.IsPathFullyQualified(given ?? "")
            ? given!
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "onerec");
    }

    private static string FirstLine(string text) => text.Split('\n')[0].Trim();

    [LibraryImport("libc.so.6", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nint keep);

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
