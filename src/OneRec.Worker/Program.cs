using OneRec.Worker;
using OneRec.Worker.Hosting;

return WorkerHost.Run(args, WorkerKernels.Create());
