#include "viz/maze.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

struct Ask {
    int x, y;
    GmqWay way;
};

/* "1,2 5,2 5,4" or "none". */
std::string
find(GmqMaze *maze, GmqNet net, Ask start, Ask end, int low_row = 0)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GmqPoint));
    GmqWay first, last;
    std::string text;

    gmq_maze_begin(maze, net, low_row);
    gmq_maze_start(maze, start.x, start.y, start.way, 0);
    gmq_maze_end(maze, end.x, end.y, end.way, 0);
    if (!gmq_maze_find(maze, points, &first, &last))
        return "none";
    EXPECT_EQ(start.way, first);
    EXPECT_EQ(end.way, last);
    for (unsigned i = 0; i < points->len; i++) {
        GmqPoint point = g_array_index(points, GmqPoint, i);
        text += (i > 0 ? " " : "") + std::to_string(point.x) + "," + std::to_string(point.y);
    }
    return text;
}

TEST(Maze, GoesStraightWhereItCan)
{
    g_autoptr(GmqMaze) maze = gmq_maze_new(20, 10);

    EXPECT_EQ("1,2 9,2", find(maze, {0, 1, 2}, {1, 2, GMQ_WAY_RIGHT}, {9, 2, GMQ_WAY_RIGHT}));
}

TEST(Maze, GoesAroundABlock)
{
    g_autoptr(GmqMaze) maze = gmq_maze_new(20, 10);
    gmq_maze_block(maze, {8, 0, 3, 6});
    std::string way = find(maze, {0, 1, 2}, {1, 2, GMQ_WAY_RIGHT}, {19, 2, GMQ_WAY_RIGHT});

    EXPECT_NE(std::string::npos, way.find(",6 ")) << way;
    EXPECT_EQ(0u, way.find("1,2 ")) << way;
}

TEST(Maze, SaysWhenThereIsNoWay)
{
    g_autoptr(GmqMaze) maze = gmq_maze_new(20, 10);
    gmq_maze_block(maze, {8, 0, 3, 10});

    EXPECT_EQ("none", find(maze, {0, 1, 2}, {1, 2, GMQ_WAY_RIGHT}, {19, 2, GMQ_WAY_RIGHT}));
    EXPECT_EQ("none", find(maze, {0, 1, 2}, {-1, 2, GMQ_WAY_RIGHT}, {3, 2, GMQ_WAY_RIGHT}));
    EXPECT_EQ("none", find(maze, {0, 1, 2}, {9, 2, GMQ_WAY_RIGHT}, {3, 2, GMQ_WAY_RIGHT}));
}

TEST(Maze, KeepsAwayFromLinesOfOtherNets)
{
    g_autoptr(GmqMaze) maze = gmq_maze_new(20, 10);
    gmq_maze_lay(maze, {0, 7, 8}, {3, 2}, {15, 2});

    EXPECT_NE("1,2 19,2", find(maze, {0, 1, 2}, {1, 2, GMQ_WAY_RIGHT}, {19, 2, GMQ_WAY_RIGHT}));
    EXPECT_EQ("10,0 10,9", find(maze, {0, 1, 3}, {10, 0, GMQ_WAY_DOWN}, {10, 9, GMQ_WAY_DOWN}))
        << "but crosses them";
}

TEST(Maze, RunsAlongLinesWithTheSameEnd)
{
    g_autoptr(GmqMaze) maze = gmq_maze_new(20, 10);
    gmq_maze_lay(maze, {0, 7, 2}, {3, 2}, {19, 2});

    EXPECT_EQ("1,2 19,2", find(maze, {0, 1, 2}, {1, 2, GMQ_WAY_RIGHT}, {19, 2, GMQ_WAY_RIGHT}));
    EXPECT_NE("1,2 19,2", find(maze, {1, 1, 2}, {1, 2, GMQ_WAY_RIGHT}, {19, 2, GMQ_WAY_RIGHT}))
        << "but not of another kind";
}

TEST(Maze, RunsLowWhereItIsAsked)
{
    g_autoptr(GmqMaze) maze = gmq_maze_new(60, 10);
    std::string way         = find(maze, {0, 1, 2}, {55, 1, GMQ_WAY_DOWN}, {5, 1, GMQ_WAY_UP}, 6);

    EXPECT_EQ("55,1 55,6 5,6 5,1", way);
}

TEST(Maze, CountsTheLinesInACell)
{
    g_autoptr(GmqMaze) maze = gmq_maze_new(20, 10);
    gmq_maze_block(maze, {0, 0, 2, 2});
    gmq_maze_lay(maze, {0, 7, 2}, {3, 2}, {19, 2});
    gmq_maze_lay(maze, {0, 8, 2}, {5, 2}, {19, 2});
    gmq_maze_lay(maze, {0, 9, 3}, {5, 0}, {5, 9});

    EXPECT_EQ(2u, gmq_maze_lines_across(maze, 5, 2));
    EXPECT_EQ(1u, gmq_maze_lines_upright(maze, 5, 2));
    EXPECT_EQ(1u, gmq_maze_lines_across(maze, 3, 2));
    EXPECT_EQ(0u, gmq_maze_lines_across(maze, 3, 3));
    EXPECT_EQ(G_MAXUINT, gmq_maze_lines_across(maze, 1, 1));
    EXPECT_EQ(G_MAXUINT, gmq_maze_lines_upright(maze, 20, 1));
}

} // namespace
