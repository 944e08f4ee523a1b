using OneRec.Core;

namespace OneRec.Engine.Tables;

/// <summary>
/// Intermediate results that a step saves so that it can continue after a kill: small files beside the tables, written by the
/// driver.
/// </summary>
/// <remarks>The reader must check from the content that a checkpoint belongs to the same work; the name does not tell.</remarks>
public interface ICheckpoints
{
    /// <summary>The bytes that were saved last; null if there are none.</summary>
    /// <param name="step">The step, such as <c>train</c>.</param>
    /// <param name="name">A name within the step: letters, digits, dashes.</param>
    byte[]? Load(string step, string name);

    /// <summary>Saves bytes, replacing those of the same name; after a kill either the old or the new bytes are there.</summary>
    /// <exception cref="OneRecException">The bytes cannot be written (exit 5).</exception>
    void Save(string step, string name, byte[] bytes);

    /// <summary>Saves bytes under a name that no other process has: of several at once, one gets it.</summary>
    /// <returns>False if the name is taken.</returns>
    /// <exception cref="OneRecException">The bytes cannot be written (exit 5).</exception>
    bool TryCreate(string step, string name, byte[] bytes);

    /// <summary>Names of a step's checkpoints, in any order.</summary>
    IReadOnlyList<string> Names(string step);

    /// <summary>Removes one checkpoint, if it is there.</summary>
    void Remove(string step, string name);

    /// <summary>Removes all checkpoints of a step.</summary>
    void Clear(string step);
}
