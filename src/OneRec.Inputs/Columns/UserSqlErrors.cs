using OneRec.Core;

namespace OneRec.Inputs.Columns;

/// <summary>Makes of an engine's error about SQL of the user one line that says what can be read.</summary>
public static class UserSqlErrors
{
    /// <summary>Whether an error is about SQL: it is not accepted, or a value in the data does not fit it.</summary>
    public static bool IsSql(OneRecException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return e.Code is "sql.invalid" or "spark.sql" || IsValue(e);
    }

    /// <summary>The engine's words, with the cure for a value that does not fit.</summary>
    public static string Describe(OneRecException e)
    {
        ArgumentNullException.ThrowIfNull(e);
        const string Kind = "Invalid Input Error: ";
        string message = e.Message.TrimEnd('.', '!', ' ');
        message = message.StartsWith(Kind, StringComparison.Ordinal) ? message[Kind.Length..] : message;
        return e.Code == "sql.value" && !message.Contains("TRY_CAST", StringComparison.OrdinalIgnoreCase)
            ? message + "; try_cast gives null where a value does not fit"
            : message;
    }

    /// <summary>Calls an engine and explains its errors about SQL.</summary>
    /// <param name="call">The call.</param>
    /// <param name="explain">The message for an error.</param>
    /// <exception cref="OneRecException">Exit 2 where the SQL is not accepted, exit 3 where a value does not fit it.</exception>
    public static T Explained<T>(Func<T> call, Func<OneRecException, string> explain)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(explain);
        try
        {
            return call();
        }
        catch (OneRecException e) when (IsSql(e))
        {
            ErrorKind kind = IsValue(e) ? ErrorKind.Input : ErrorKind.Configuration;
            throw new OneRecException(kind, IsValue(e) ? "sql.value" : "sql.invalid", explain(e), e);
        }
    }

    /// <summary>Calls an engine with an option that holds SQL, and explains its errors with the columns there are.</summary>
    /// <param name="option">The option's key, or several in words.</param>
    /// <param name="code">The code of the error.</param>
    /// <param name="columns">The columns that the SQL can read.</param>
    /// <param name="hint">More to say of an error of the engine, such as what is odd about a column; null: nothing.</param>
    /// <param name="call">The call.</param>
    /// <exception cref="OneRecException">Exit 2 where the SQL is not accepted, exit 3 where a value does not fit it.</exception>
    public static T Explained<T>(string option, string code, IReadOnlyList<string> columns, Func<string?> hint, Func<T> call)
    {
        ArgumentNullException.ThrowIfNull(hint);
        try
        {
            return Explained(call, e =>
            {
                // A refusal of ours has no cause, and a column's type has no part in it.
                string more = e.InnerException is not null && hint() is { } odd ? "; " + odd : "";
                return $"{option}: {Describe(e)}{more}; the columns are {string.Join(", ", columns)}";
            });
        }
        catch (OneRecException e) when (e.Code is "sql.invalid")
        {
            throw OneRecException.Configuration(code, e.Message, e);
        }
    }

    // The second: a function does not accept its argument, such as a pattern.
    private static bool IsValue(OneRecException e) => e.Code is "sql.value" or "input.value";
}
