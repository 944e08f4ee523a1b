using OneRec.Core;

namespace OneRec.Engine.Tables;

/// <summary>
/// What a step saves on its way so that a killed one need not begin again: small files of the driver beside the tables.
/// </summary>
/// <remarks>Who reads one decides by its content whether it is of the same work: a name says nothing of that.</remarks>
public interface ICheckpoints
{
    /// <summary>What was saved last; null where there is nothing.</summary>
    /// <param name="step">The step, such as <c>train</c>.</param>
    /// <param name="name">A name within the step: letters, digits, dashes.</param>
    byte[]? Load(string step, string name);

    /// <summary>Saves bytes in place of those that have the name: a kill leaves the old ones or the new ones.</summary>
    /// <exception cref="OneRecException">They cannot be written (exit 5).</exception>
    void Save(string step, string name, byte[] bytes);

    /// <summary>Removes all of a step.</summary>
    void Clear(string step);
}
