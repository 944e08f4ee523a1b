using OneRec.Core;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>A format of exported IDs: which files, and what they hold.</summary>
public interface IExportFormat
{
    /// <summary>The name on the command line.</summary>
    string Name { get; }

    /// <summary>What it is for, in one line.</summary>
    string Summary { get; }

    /// <summary>The files that it writes; X is the folder's name.</summary>
    string Files { get; }

    /// <summary>What it does with twins if the user does not say.</summary>
    TwinPolicy Twins { get; }

    /// <summary>Whether it reads how many users items have in common with others.</summary>
    bool ReadsUsers => false;

    /// <summary>Writes the files.</summary>
    /// <param name="ids">The IDs.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="place">The folder as the user named it, for files that record where they lie.</param>
    /// <returns>What a user should know of the files, beside what is told of every export.</returns>
    IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place);
}
