namespace OneRec.Kernels.Similarity;

/// <summary>Counts the users that others share with one item at a time: what one thread holds of <see cref="SwingCommon"/>.</summary>
internal sealed class SwingCommonOf(SwingCommon common)
{
    private readonly ulong[] _bits = new ulong[common.Words];
    private int _item = -1;

    /// <summary>Users that both items have.</summary>
    /// <param name="item">An item's number: quick where it is that of the call before.</param>
    /// <param name="other">Another's.</param>
    public int Count(int item, int other)
    {
        if (item != _item)
        {
            if (_item >= 0)
            {
                foreach (int user in common.UsersOf(_item))
                {
                    _bits[user >> 6] = 0;
                }
            }

            SwingCommon.Set(_bits, common.UsersOf(item));
            _item = item;
        }

        return common.Count(other, _bits);
    }
}
