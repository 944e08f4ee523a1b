using OneRec.TestWorker;
using OneRec.Worker.Hosting;

// The worker as it is shipped, with kernels that no job has: for tests of the seam and of faults.
return WorkerHost.Run(args, TestKernels.Create());
