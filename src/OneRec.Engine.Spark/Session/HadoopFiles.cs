using System.Text;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Session;

/// <summary>Files on the file systems that Spark can access: local, HDFS, object stores.</summary>
internal static class HadoopFiles
{
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
                    // Not every bridge can return bytes; in Latin-1 each byte is one character.
                    return Encoding.Latin1.GetBytes(
                        (string)session.Jvm.CallStatic("org.apache.commons.io.IOUtils", "toString", stream, "ISO-8859-1")!);
                }
                finally
                {
                    stream.Call("close");
                }
            }
            catch (JvmException e) when (e.Chain.Any(c => c.Type == "java.io.FileNotFoundException"))
            {
                return null;
            }
        }
    }

    /// <summary>Writes a small file, replacing an existing one: under a temporary name first, then renamed.</summary>
    public static void Replace(SparkSession session, string path, byte[] bytes)
    {
        (JvmObject place, JvmObject files) = Open(session, path);
        using JvmObject part = session.Jvm.New("org.apache.hadoop.fs.Path", path + ".part");
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

    private static (JvmObject Path, JvmObject Files) Open(SparkSession session, string path)
    {
        JvmObject place = session.Jvm.New("org.apache.hadoop.fs.Path", path);
        using JvmObject settings = session.Context.Get("hadoopConfiguration");
        return (place, place.Get("getFileSystem", settings));
    }
}
