import { fromCsv, type LabelledData } from "./csv.js";
import { dataset } from "./dataset.js";

/**
 * 150 flowers of three species, 50 each: length and width of sepal and petal, in centimetres.
 * Source: R. A. Fisher, "Iris", UCI Machine Learning Repository, 1936, doi:10.24432/C56C76, CC BY 4.0.
 */
export async function iris(): Promise<LabelledData> {
  const { iris: text } = await import("./bundled/iris.js");
  const raw = await fromCsv(text, { name: "iris", header: "present", label: -1 });
  return dataset<{ features: Float32Array; labels: Int32Array }>(raw.columns, {
    classNames: ["setosa", "versicolor", "virginica"],
    featureNames: ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"],
  });
}
