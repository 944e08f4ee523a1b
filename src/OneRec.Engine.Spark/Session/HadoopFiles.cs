using System.Text;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Engine.Spark.Session;

/// <summary>Files where Spark finds them: local, HDFS, object stores.</summary>
internal static class HadoopFiles
{
    /// <summary>A small file's bytes; null where it is not there.</summary>
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
                    // Not every bridge returns bytes: as Latin-1 each is a character.
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

    /// <summary>Writes a small file in place of what has its name: under another name first, then renamed.</summary>
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

            // FileSystem.rename does not replace. A kill in between leaves no file: what it held is made again.
            files.Call("delete", place, false);
            if (files.Call("rename", part, place) is not true)
            {
                throw OneRecException.Engine("engine.checkpoint", $"cannot rename {path}.part to {path}");
            }
        }
    }

    /// <summary>Deletes a folder with all in it; does nothing where it is not there.</summary>
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
