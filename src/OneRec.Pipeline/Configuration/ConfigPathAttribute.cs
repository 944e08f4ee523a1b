namespace OneRec.Pipeline.Configuration;

/// <summary>
/// Marks an option that names a file or folder, a glob of them, or a list of such. The loader makes it a full path:
/// one given in a file is relative to that file, one from environment or <c>--set</c> to the working directory.
/// A value with a scheme (<c>s3://...</c>) is left as it is.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ConfigPathAttribute : Attribute;
