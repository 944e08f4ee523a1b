using System.Text;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Session;

/// <summary>Files on the file systems that Spark can access: local, HDFS, object stores.</summary>
internal static class HadoopFiles
{
    /// <summary>How the names of unfinished files end.</summary>
    public const string PartSuffix = ".part";

    private const string PathType = "org.apache.hadoop.fs.Path";

    /// <summary>The full form of a path: with the scheme and the host of its file system.</summary>
    /// <exception cref="JvmException">No file system has such paths, or the path is invalid.</exception>
    public static string Qualify(SparkSession session, string path)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using (place)
        using (files)
        {
            using JvmObject full = files.Get("makeQualified", place);
            return (string)full.Call("toString")!;
        }
    }

    /// <summary>What is at a path; null if nothing is.</summary>
    /// <exception cref="JvmException">The file system does not tell.</exception>
    public static StoredFile? Find(SparkSession session, string path)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using (place)
        using (files)
        {
            try
            {
                using JvmObject status = files.Get("getFileStatus", place);
                return Of(session, status);
            }
            catch (JvmException e) when (IsMissing(e))
            {
                return null;
            }
        }
    }

    /// <summary>What is in a folder.</summary>
    /// <exception cref="JvmException">The folder cannot be listed.</exception>
    public static IReadOnlyList<StoredFile> List(SparkSession session, string folder)
    {
        (JvmObject place, JvmObject files) = Open(session, folder);
        using (place)
        using (files)
        {
            using JvmObject all = files.Get("listStatus", place);
            var found = new StoredFile[session.Jvm.ArrayLength(all)];
            for (int i = 0; i < found.Length; i++)
            {
                using var status = (JvmObject)session.Jvm.ArrayItem(all, i)!;
                found[i] = Of(session, status);
            }

            return found;
        }
    }

    /// <summary>Opens a file for reading: an <c>FSDataInputStream</c>.</summary>
    /// <exception cref="JvmException">It cannot be opened.</exception>
    public static JvmObject OpenFile(SparkSession session, string path)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using (place)
        using (files)
        {
            return files.Get("open", place);
        }
    }

    /// <summary>The bytes of a small file; null if it does not exist.</summary>
    public static byte[]? TryRead(SparkSession session, string path)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using (place)
        using (files)
        {
            try
            {
                using JvmObject stream = files.Get("open", place);
                try
                {
                    return ReadToEnd(stream);
                }
                finally
                {
                    stream.Call("close");
                }
            }
            catch (JvmException e) when (IsMissing(e))
            {
                return null;
            }
        }
    }

    /// <summary>The remaining bytes of an <c>InputStream</c>.</summary>
    /// <remarks>Not every bridge can return bytes; in Latin-1 each byte is one character.</remarks>
    public static byte[] ReadToEnd(JvmObject stream) => Encoding.Latin1.GetBytes(
        (string)stream.Jvm.CallStatic("org.apache.commons.io.IOUtils", "toString", stream, "ISO-8859-1")!);

    /// <summary>Writes a small file, replacing an existing one: under a temporary name first, then renamed.</summary>
    public static void Replace(SparkSession session, string path, byte[] bytes)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using JvmObject part = session.Jvm.New(PathType, path + PartSuffix);
        using (place)
        using (files)
        {
            using (JvmObject stream = files.Get("create", part, true))
            {
                stream.Call("write", bytes);
                stream.Call("hsync");
                stream.Call("close");
            }

            // FileSystem.rename does not replace. A kill in between leaves no file, and its content is computed again.
            files.Call("delete", place, false);
            if (files.Call("rename", part, place) is not true)
            {
                throw OneRecException.Engine("engine.checkpoint", $"cannot rename {path}.part to {path}");
            }
        }
    }

    /// <summary>Creates a small file with its contents if the name is free; false if it is taken.</summary>
    /// <remarks>As atomic as the file system's <c>create</c> without overwriting: HDFS decides between two writers, others may not.</remarks>
    public static bool TryCreate(SparkSession session, string path, byte[] bytes)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using (place)
        using (files)
        {
            try
            {
                using JvmObject stream = files.Get("create", place, false);
                stream.Call("write", bytes);
                stream.Call("hsync");
                stream.Call("close");
                return true;
            }
            catch (JvmException e) when (e.Chain.Any(c => c.Type.EndsWith("FileAlreadyExistsException", StringComparison.Ordinal)))
            {
                return false;
            }
        }
    }

    /// <summary>Deletes a folder with its content, if it exists.</summary>
    public static void Delete(SparkSession session, string path)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using (place)
        using (files)
        {
            files.Call("delete", place, true);
        }
    }

    private static bool IsMissing(JvmException e) => e.Chain.Any(c => c.Type == "java.io.FileNotFoundException");

    // A file system may return objects of a class that is not public, whose methods a bridge cannot call.
    private static StoredFile Of(SparkSession session, JvmObject status)
    {
        using JvmObject own = session.Jvm.New("org.apache.hadoop.fs.FileStatus", status);
        using JvmObject place = own.Get("getPath");
        bool isFolder = own.Call("isDirectory") is true;
        return new StoredFile(
            (string)place.Call("toString")!,
            isFolder,
            isFolder ? 0 : (long)own.Call("getLen")!,
            DateTimeOffset.FromUnixTimeMilliseconds((long)own.Call("getModificationTime")!));
    }

    private static (JvmObject Path, JvmObject Files) Open(SparkSession session, string path)
    {
        JvmObject place = session.Jvm.New(PathType, path);
        using JvmObject settings = session.Context.Get("hadoopConfiguration");
        return (place, place.Get("getFileSystem", settings));
    }
}
