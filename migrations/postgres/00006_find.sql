-- +goose Up

-- The words by which tickets are found, folded by the program: what PostgreSQL
-- makes of Cyrillic letters depends on the server's locale. Tickets that an
-- earlier version filed get theirs when the program opens the database.
ALTER TABLE tickets DROP COLUMN words; -- and its index

-- Words that are not in the index yet, or have changed: few, and read one by one.
CREATE TABLE fresh_words (
    ticket bigint PRIMARY KEY REFERENCES tickets,
    words  text NOT NULL
);
CREATE TABLE ticket_words (
    ticket bigint PRIMARY KEY REFERENCES tickets,
    words  text NOT NULL
);

-- beginnings are those of the words, by tickets.IndexedLengths. An index of this
-- kind has no order, so that there must be something to ask it for the newest
-- tickets by: #7.12 is in those of the blocks 11 and 12 of 2^7 tickets each. The
-- function costs much, so that it is called for the index alone.
-- +goose StatementBegin
CREATE FUNCTION beginnings(ticket bigint, words text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE STRICT COST 10000 AS $$
BEGIN
    RETURN (
        SELECT array_to_tsvector(array_agg(beginning)) FROM (
            SELECT left(word, n) FROM string_to_table(words, ' ') AS word, unnest('{3,4,5,6,7,8,9,10,11,12,16}'::int[]) AS n
            WHERE length(word) >= n OR n = 3 AND word <> ''
            UNION ALL
            SELECT format('#%s.%s', size, (ticket >> size) + more) FROM unnest('{7,10,13,16}'::int[]) AS size, unnest('{0,1}'::int[]) AS more
        ) AS found (beginning));
END
$$;
-- +goose StatementEnd
CREATE INDEX ticket_words_beginnings ON ticket_words USING gin (beginnings(ticket, words));
-- Nothing is worked out from them, and they would be costly to have.
ALTER INDEX ticket_words_beginnings ALTER COLUMN 1 SET STATISTICS 0;

-- indexed_words finds tickets that the index has for a query and whose words are
-- like all parts; fresh ones aside. As the index has no order, and would give a
-- million tickets for a word that is in each, it is asked for the newest 2^7 at
-- least, then for eight times as many, and so on, until there are enough.
-- +goose StatementBegin
CREATE FUNCTION indexed_words(query text, parts text[], enough bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
    newest bigint := (SELECT max(ticket) FROM ticket_words);
    size   int;
    among  text;
    found  bigint[];
BEGIN
    FOREACH size IN ARRAY ARRAY[7, 10, 13, 16, NULL] LOOP
        among := CASE WHEN size IS NOT NULL THEN format(' & ''#%s.%s''', size, newest >> size) END;
        found := ARRAY(SELECT ticket FROM ticket_words
            WHERE beginnings(ticket, words) @@ concat(query, among)::tsquery
                AND words LIKE ALL (parts) AND ticket NOT IN (SELECT f.ticket FROM fresh_words AS f));
        EXIT WHEN cardinality(found) >= enough;
    END LOOP;
    RETURN QUERY SELECT unnest(found);
END
$$;
-- +goose StatementEnd
