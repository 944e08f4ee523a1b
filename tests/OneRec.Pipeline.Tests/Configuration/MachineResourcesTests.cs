using OneRec.Configuration;
using OneRec.Pipeline.Configuration;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Configuration;

public sealed class MachineResourcesTests : IDisposable
{
    private readonly ScratchFolder _root = new();

    public MachineResourcesTests() => Write("proc/meminfo", "MemTotal:        8192 kB\nMemFree: 1 kB\n");

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Without_a_cgroup_it_is_the_machines_memory() =>
        Assert.Equal(8192 * 1024, MachineResources.MemoryBytes(_root.Path));

    [Fact]
    public void Version_2_takes_the_least_limit_along_the_path()
    {
        Write("proc/self/cgroup", "0::/a/b\n");
        Write("sys/fs/cgroup/a/b/memory.max", "max\n");
        Write("sys/fs/cgroup/a/memory.max", "4096\n");
        Write("sys/fs/cgroup/memory.max", "5000\n");
        Assert.Equal(4096, MachineResources.MemoryBytes(_root.Path));
    }

    [Fact]
    public void Inside_a_container_the_limit_is_at_the_mount()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/memory.max", "5000\n");
        Assert.Equal(5000, MachineResources.MemoryBytes(_root.Path));
    }

    [Fact]
    public void Version_1_reads_the_memory_controller()
    {
        Write("proc/self/cgroup", "7:cpu,cpuacct:/x\n5:memory:/docker/1\n");
        Write("sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "9223372036854771712\n");
        Write("sys/fs/cgroup/memory/memory.limit_in_bytes", "6000\n");
        Assert.Equal(6000, MachineResources.MemoryBytes(_root.Path));
    }

    [Fact]
    public void A_limit_above_the_machines_memory_does_not_bind()
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/memory.max", "99999999999\n");
        Assert.Equal(8192 * 1024, MachineResources.MemoryBytes(_root.Path));
    }

    [Fact]
    public void This_machine_has_memory_and_cores()
    {
        Assert.True(MachineResources.MemoryBytes() > 64 << 20);
        Assert.True(MachineResources.Cores >= 1);
        Assert.Equal(MachineResources.MemoryBytes() / 2, new OneRecOptions().MemoryBytes());
        Assert.Equal(3, new OneRecOptions { Threads = 3 }.ThreadCount());
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root[path])!);
        File.WriteAllText(_root[path], text);
    }
}
