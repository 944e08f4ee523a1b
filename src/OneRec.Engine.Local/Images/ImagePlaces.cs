using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Local.Relations;

namespace OneRec.Engine.Local.Images;

/// <summary>The ids of a source of images with their places; nothing else is read.</summary>
internal static class ImagePlaces
{
    /// <summary>Rows of <see cref="VectorFiles.Places"/> in the order of the source; the caller disposes them.</summary>
    public static IEnumerable<RecordBatch> Read(ImageFiles source, IArrowType id)
    {
        Schema schema = VectorFiles.Places(id);
        for (int number = 0; number < source.Files.Count; number++)
        {
            ImageFile file = ImageFile.Open(source.Files[number], source);
            long row = 0;
            for (int group = 0; group < file.Groups; group++)
            {
                foreach (ImageSlice slice in file.Keys(group))
                {
                    using (slice)
                    {
                        int[] own = [.. Enumerable.Range(0, slice.Count).Where(slice.Belongs)];
                        var places = new Int64Array.Builder().Reserve(own.Length);
                        foreach (int place in own)
                        {
                            places.Append(new VectorPlace(number, row + place).Number);
                        }

                        row += slice.Count;
                        if (own.Length > 0 && slice.Ids.Data.DataType.TypeId == id.TypeId)
                        {
                            IArrowArray ids = RowGather.Pick([slice.Ids], [.. own.Select(place => (0, place))]);
                            yield return new RecordBatch(schema, [ids, places.Build()], own.Length);
                        }
                    }
                }
            }
        }
    }
}
