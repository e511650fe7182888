/**
 * Functions of DuckDB that an editor offers besides ours: those that questions to flow logs use.
 */
export const SQL_FUNCTIONS: readonly string[] =
  'count sum avg min max median quantile_cont mode stddev approx_count_distinct arg_max arg_min any_value string_agg list histogram date_trunc time_bucket strftime epoch to_timestamp make_timestamp coalesce nullif greatest least round floor ceil abs regexp_matches regexp_extract contains starts_with lower upper length substring split_part concat printf row_number rank dense_rank ntile lag lead first_value last_value range unnest'.split(
    ' ',
  );
