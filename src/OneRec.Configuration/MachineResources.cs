using System.Globalization;

namespace OneRec.Configuration;

/// <summary>The resources available to this process.</summary>
public static class MachineResources
{
    // cgroup v1 writes "no limit" as the largest multiple of the page size in 63 bits.
    private const long NoLimit = 1L << 60;

    /// <summary>Number of cores available to the process, subject to CPU affinity and cgroup quota.</summary>
    public static int Cores => Environment.ProcessorCount;

    /// <summary>
    /// Memory available to the process in bytes: the minimum of the limits of its cgroups and the machine's memory.
    /// </summary>
    /// <param name="root">The root of the file system; tests pass another one.</param>
    public static long MemoryBytes(string root = "/")
    {
        long machine = MachineMemory(root) ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return Math.Min(machine, CgroupLimit(root) ?? long.MaxValue);
    }

    private static long? MachineMemory(string root)
    {
        foreach (string line in ReadLines(Path.Combine(root, "proc/meminfo")))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal))
            {
                string kib = line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim();
                return long.TryParse(kib, NumberStyles.None, CultureInfo.InvariantCulture, out long size)
                    ? size * 1024
                    : null;
            }
        }

        return null;
    }

    private static long? CgroupLimit(string root)
    {
        long? limit = null;
        foreach (string line in ReadLines(Path.Combine(root, "proc/self/cgroup")))
        {
            // hierarchy:controllers:path; version 2 has no controllers.
            string[] parts = line.Split(':', 3);
            if (parts.Length != 3)
            {
                continue;
            }

            (string mount, string file)? version = parts[1] switch
            {
                "" => ("sys/fs/cgroup", "memory.max"),
                _ when parts[1].Split(',').Contains("memory") => ("sys/fs/cgroup/memory", "memory.limit_in_bytes"),
                _ => null,
            };
            if (version is (string at, string name))
            {
                limit = Least(limit, LimitAlong(Path.Combine(root, at), parts[2], name));
            }
        }

        return limit;
    }

    /// <summary>The lowest limit of a cgroup and its ancestors, since all of them apply.</summary>
    private static long? LimitAlong(string mount, string cgroup, string file)
    {
        long? limit = null;
        string at = cgroup.Trim('/');
        while (true)
        {
            foreach (string line in ReadLines(Path.Combine(mount, at, file)))
            {
                if (long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) && bytes < NoLimit)
                {
                    limit = Least(limit, bytes);
                }
            }

            if (at.Length == 0)
            {
                return limit;
            }

            int cut = at.LastIndexOf('/');
            at = cut < 0 ? "" : at[..cut];
        }
    }

    private static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private static string[] ReadLines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
