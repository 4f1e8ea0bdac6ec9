-- depends: 2026-11-22-1431_help_questions
-- How much one visitor searched on a day is counted with every search in vain.
create index help_search_of on help_search (day, searcher);
