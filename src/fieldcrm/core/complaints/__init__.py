"""Complaints of the official form 客户投诉情况统计表, their steps and pauses."""
