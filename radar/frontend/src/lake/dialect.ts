// The words of DuckDB's SQL that people write here, for colours and completion.
import { SQLDialect } from "@codemirror/lang-sql";

const KEYWORDS =
  "select from where group by having order limit offset as on using and or not in is null between like ilike similar case when then else end distinct all union intersect except with recursive materialized join inner left right full outer cross natural lateral asof semi anti over partition rows range groups preceding following unbounded current row filter within qualify window exists any some asc desc nulls first last cast try_cast interval true false values table describe summarize show tables explain tablesample unnest exclude replace columns collate escape at time zone extract";
const TYPES =
  "bigint int integer smallint tinyint hugeint double float real decimal numeric varchar text boolean bool date time timestamp timestamptz blob uuid json struct map list second seconds minute minutes hour hours day days week weeks month months year years";
const FUNCTIONS =
  "abs any_value arg_max arg_min avg bool_and bool_or ceil coalesce concat corr count count_if date_diff date_part date_trunc dense_rank epoch epoch_ms first_value floor format generate_series greatest histogram if ifnull lag last_value lead least length list list_sort lower max median min mode now ntile nullif quantile_cont quantile_disc rank range regexp_extract regexp_matches regexp_replace replace round row_number sqrt stddev strftime strptime string_agg strlen substring sum time_bucket to_timestamp trim typeof upper variance year month";

export const DuckDB = SQLDialect.define({
  keywords: KEYWORDS,
  types: TYPES,
  builtin: FUNCTIONS,
  doubleDollarQuotedStrings: true,
  operatorChars: "+-*/<>=~!@#%^&|`?:",
  identifierQuotes: '"',
  caseInsensitiveIdentifiers: true,
});
